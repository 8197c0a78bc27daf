"""Hugging Face Trainer: keep the study that hyperparameter_search hides, and ask it afterwards.

Beside optuna-zooming: pip install "transformers[torch]" scikit-learn   (for its images of digits)
Leaves the study in huggingface.db; run again, it adds trials to it. Trainer makes trainer_output/.
"""

import optuna
import torch
from sklearn.datasets import load_digits
from transformers import AutoModelForImageClassification, Trainer, TrainingArguments, ViTConfig

from optuna_zooming import ZoomingPruner, ZoomingSampler, explain, recommended_params

STORAGE, STUDY = "sqlite:///huggingface.db", "digits"

digits = load_digits()
images = torch.tensor(digits.images / 16).float().unsqueeze(1)
examples = [{"pixel_values": x, "labels": int(y)} for x, y in zip(images, digits.target)]
small = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "image_size": 8}
config = ViTConfig(patch_size=2, num_channels=1, num_labels=10, num_attention_heads=4, **small)


def model_init() -> torch.nn.Module:
    return AutoModelForImageClassification.from_config(config)  # yours: from_pretrained(...)


def hp_space(trial: optuna.Trial) -> dict[str, float]:
    return {"learning_rate": trial.suggest_float("learning_rate", 1e-5, 1, log=True)}


trainer = Trainer(
    model_init=model_init,
    args=TrainingArguments(
        num_train_epochs=5,
        per_device_train_batch_size=32,
        eval_strategy="epoch",  # each evaluation is reported to Optuna, and asks the pruner
        save_strategy="no",
    ),
    train_dataset=examples[:1400],
    eval_dataset=examples[1400:],
    compute_metrics=lambda p: {"accuracy": (p.predictions.argmax(-1) == p.label_ids).mean()},
)
trainer.hyperparameter_search(
    hp_space,
    compute_objective=lambda metrics: metrics["eval_accuracy"],  # default: sum of all
    direction="maximize",  # default: minimize, accuracy too
    n_trials=10,
    backend="optuna",
    storage=STORAGE,  # this and what follows goes to optuna.create_study
    study_name=STUDY,
    load_if_exists=True,
    sampler=ZoomingSampler(seed=0),
    pruner=ZoomingPruner(),
)
study = optuna.load_study(study_name=STUDY, storage=STORAGE)
print(explain(study))
trainer.args.learning_rate = recommended_params(study).params["learning_rate"]
trainer.train()
print(f"Accuracy of the final training: {trainer.evaluate()['eval_accuracy']:.3f}")
