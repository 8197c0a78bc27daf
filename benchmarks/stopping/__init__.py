"""What a rule that ends studies saves and costs: studies watched -> summary -> page."""
