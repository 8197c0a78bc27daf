"""How much each constant of the policy matters: runs, and the page."""
