"""Plain PyTorch: find a training loop's learning rate, and stop hopeless trainings early.

Beside optuna-zooming: pip install torch scikit-learn   (scikit-learn for its images of digits)
"""

import optuna
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

from optuna_zooming import ZoomingPruner, ZoomingSampler, explain, recommended_params

EPOCHS = 10
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"

digits = load_digits()
data = TensorDataset(torch.tensor(digits.data / 16).float(), torch.tensor(digits.target))
train_set, validation_set = random_split(data, [0.8, 0.2], torch.Generator().manual_seed(0))
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
validation_loader = DataLoader(validation_set, batch_size=256)


def train_epoch(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x.to(DEVICE)), y.to(DEVICE)).backward()
        optimizer.step()


@torch.inference_mode()
def accuracy(model: nn.Module) -> float:
    model.eval()
    hits = [model(x.to(DEVICE)).argmax(dim=1).cpu() == y for x, y in validation_loader]
    return torch.cat(hits).float().mean().item()


def objective(trial: optuna.Trial) -> float:
    torch.manual_seed(trial.number)  # repeatable, yet not the same luck in every trial
    learning_rate = trial.suggest_float("lr", 1e-5, 1, log=True)
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)).to(DEVICE)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=0.9)
    for epoch in range(EPOCHS):
        train_epoch(model, optimizer)
        trial.report(accuracy(model), epoch)
        if trial.should_prune():
            raise optuna.TrialPruned
    return accuracy(model)


study = optuna.create_study(
    direction="maximize", sampler=ZoomingSampler(seed=0), pruner=ZoomingPruner()
)
study.optimize(objective, n_trials=15)
print(explain(study))
print(f"Train with lr={recommended_params(study).params['lr']:.3g}")
