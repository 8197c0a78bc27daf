"""Keras 3, here on PyTorch: a callback reports the validation metric and stops trainings.

Beside optuna-zooming: pip install keras torch optuna-integration scikit-learn   (for its digits)
"""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")  # or jax, tensorflow; before Keras is imported

import keras
import optuna
from optuna_integration import KerasPruningCallback
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from optuna_zooming import ZoomingPruner, ZoomingSampler, explain, recommended_params

images, labels = load_digits(return_X_y=True)
x_train, x_validation, y_train, y_validation = train_test_split(
    images / 16, labels, test_size=0.2, random_state=0
)


def build_model(learning_rate: float) -> keras.Model:
    hidden = keras.layers.Dense(64, activation="relu")
    output = keras.layers.Dense(10, activation="softmax")
    model = keras.Sequential([keras.Input(shape=(64,)), hidden, output])
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def objective(trial: optuna.Trial) -> float:
    keras.utils.clear_session()  # frees the last trial's model
    keras.utils.set_random_seed(trial.number)  # repeatable, yet not the same luck in every trial
    model = build_model(trial.suggest_float("learning_rate", 1e-5, 1, log=True))
    history = model.fit(
        x_train,
        y_train,
        epochs=8,
        validation_data=(x_validation, y_validation),
        callbacks=[KerasPruningCallback(trial, monitor="val_accuracy")],
        verbose=0,
    )
    return history.history["val_accuracy"][-1]


study = optuna.create_study(
    direction="maximize", sampler=ZoomingSampler(seed=0), pruner=ZoomingPruner()
)
study.optimize(objective, n_trials=15)
print(explain(study))
print(f"Train build_model(learning_rate={recommended_params(study).params['learning_rate']:.3g})")
