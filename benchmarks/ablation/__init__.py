"""What each mechanism of the policy is worth: rows -> summary -> page."""
