"""Commands for operators, run as ``python -m ops.<name>``, and what keeps the engines up."""
