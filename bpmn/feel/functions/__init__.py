"""The built-in functions of the standard (DMN 1.5, 10.3.4), one module a family."""
