"""Ray Tune: OptunaSearch with the sampler, and a storage to ask the study afterwards.

Beside optuna-zooming: pip install "ray[tune]" scikit-learn   (for the digits and the network)
Leaves the study in ray_tune.db, and Ray's results in ~/ray_results. Schedulers that stop trials
early, such as ASHA: see docs/workers.md.
"""

import optuna
from optuna.storages import RDBStorage
from ray import tune
from ray.tune.search.optuna import OptunaSearch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

from optuna_zooming import ZoomingSampler, explain, recommended_params

STORAGE, STUDY = "sqlite:///ray_tune.db", "digits"


def train(config: dict[str, float]) -> None:
    images, labels = load_digits(return_X_y=True)
    x_train, x_validation, y_train, y_validation = train_test_split(
        images / 16, labels, test_size=0.2, random_state=0
    )
    network = MLPClassifier([64], learning_rate_init=config["lr"], batch_size=32, random_state=0)
    for _ in range(10):
        network.partial_fit(x_train, y_train, classes=range(10))
        tune.report({"accuracy": network.score(x_validation, y_validation)})


searcher = OptunaSearch(
    metric="accuracy",
    mode="max",
    sampler=ZoomingSampler(seed=0),
    storage=RDBStorage(STORAGE),  # a storage, not its URL
    study_name=STUDY,
)
tuner = tune.Tuner(
    train,
    param_space={"lr": tune.loguniform(1e-5, 1)},
    tune_config=tune.TuneConfig(
        search_alg=searcher, num_samples=12, max_concurrent_trials=2, reuse_actors=True
    ),
)
tuner.fit()

study = optuna.load_study(study_name=STUDY, storage=STORAGE)
print(explain(study))
print(f"Train with lr={recommended_params(study).params['lr']:.3g}")
