"""Benchmarks: what a design costs against a control measured in the same run.

Here: one module a claim, runnable alone. Not here: tests, and the engines of the product.
"""
