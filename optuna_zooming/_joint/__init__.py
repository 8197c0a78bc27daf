"""What trials say together about combinations of parameters: a Gaussian process over all of them.

Larger values are better. Modules know numpy, and import scipy inside the functions that need it.
"""
