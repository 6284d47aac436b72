"""Durable processes: what happens when, and who may change it. No side effects.

Workflows import Temporal, the domain and each other; whatever touches the world is
asked for through ``workflows.ports``.
"""
