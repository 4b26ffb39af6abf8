"""Which few works of a portfolio are worth comparing with a suspect."""
