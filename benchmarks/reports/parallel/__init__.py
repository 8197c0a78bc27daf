"""Workers on a simulated clock: saved rows -> a summary, from which a page is drawn."""
