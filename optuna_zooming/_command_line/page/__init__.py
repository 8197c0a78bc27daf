"""The page of ``optuna-zooming report``: what it holds, as data, and the HTML of that."""
