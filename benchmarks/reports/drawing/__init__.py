"""Charts as plain data, drawn alike by matplotlib (PNG) and plotly (HTML)."""
