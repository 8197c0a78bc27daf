"""What users get wrong: arguments, and how a study is set up. None of it proposes anything."""
