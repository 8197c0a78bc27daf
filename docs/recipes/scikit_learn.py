"""scikit-learn: tune an estimator by cross-validation, by an objective or with OptunaSearchCV.

Beside optuna-zooming: pip install scikit-learn "optuna-integration[sklearn]"
"""

import optuna
from optuna.distributions import FloatDistribution
from optuna_integration import OptunaSearchCV
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from optuna_zooming import ZoomingSampler, explain, recommended_params

images, labels = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(images, labels, test_size=0.3, random_state=0)
classifier = make_pipeline(StandardScaler(), SVC())


# An objective of your own: anything can be tuned.
def objective(trial: optuna.Trial) -> float:
    params = {
        "svc__C": trial.suggest_float("svc__C", 1e-3, 1e3, log=True),
        "svc__gamma": trial.suggest_float("svc__gamma", 1e-6, 1, log=True),
    }
    return cross_val_score(clone(classifier).set_params(**params), x_train, y_train, cv=3).mean()


study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=0))
study.optimize(objective, n_trials=25)
print(explain(study))
best = clone(classifier).set_params(**recommended_params(study).params).fit(x_train, y_train)
print(f"Test accuracy, objective: {best.score(x_test, y_test):.3f}")

# OptunaSearchCV, in the place of GridSearchCV. Scores are maximised, so the study has to say so.
search = OptunaSearchCV(
    classifier,
    {
        "svc__C": FloatDistribution(1e-3, 1e3, log=True),
        "svc__gamma": FloatDistribution(1e-6, 1, log=True),
    },
    cv=3,
    n_trials=25,
    study=optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=0)),
    refit=False,  # with its best trial, the luckiest one
)
search.fit(x_train, y_train)
print(explain(search.study_))
best = clone(classifier).set_params(**recommended_params(search.study_).params)
best.fit(x_train, y_train)
print(f"Test accuracy, OptunaSearchCV: {best.score(x_test, y_test):.3f}")
