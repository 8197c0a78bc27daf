"""PyTorch Lightning: a callback reports the validation metric and stops hopeless trainings.

Beside optuna-zooming: pip install lightning optuna-integration scikit-learn   (for its digits)
"""

import logging

import lightning as L
import optuna
import torch
from optuna_integration import PyTorchLightningPruningCallback
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset, random_split

from optuna_zooming import ZoomingPruner, ZoomingSampler, explain, recommended_params

logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)  # no banner for every trial
QUIET = {"enable_checkpointing": False, "enable_model_summary": False, "enable_progress_bar": False}

digits = load_digits()
data = TensorDataset(torch.tensor(digits.data / 16).float(), torch.tensor(digits.target))
train_set, validation_set = random_split(data, [0.8, 0.2], torch.Generator().manual_seed(0))


class Classifier(L.LightningModule):
    def __init__(self, learning_rate: float) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.network = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))

    def training_step(self, batch: list[Tensor]) -> Tensor:
        return nn.functional.cross_entropy(self.network(batch[0]), batch[1])

    def validation_step(self, batch: list[Tensor]) -> None:
        self.log("val_acc", (self.network(batch[0]).argmax(dim=1) == batch[1]).float().mean())

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(self.parameters(), lr=self.hparams.learning_rate)


def objective(trial: optuna.Trial) -> float:
    L.seed_everything(trial.number, verbose=False)  # repeatable, yet not the same luck every time
    model = Classifier(trial.suggest_float("learning_rate", 1e-5, 1, log=True))
    pruning = PyTorchLightningPruningCallback(trial, monitor="val_acc")
    trainer = L.Trainer(max_epochs=10, callbacks=[pruning], logger=False, **QUIET)
    trainer.fit(model, DataLoader(train_set, 32, shuffle=True), DataLoader(validation_set, 256))
    return trainer.callback_metrics["val_acc"].item()


study = optuna.create_study(
    direction="maximize", sampler=ZoomingSampler(seed=0), pruner=ZoomingPruner()
)
study.optimize(objective, n_trials=15)
print(explain(study))
print(f"Train Classifier(learning_rate={recommended_params(study).params['learning_rate']:.3g})")
