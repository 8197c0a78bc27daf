"""An Optuna study read into arrays; the only place that knows trials and storages."""
