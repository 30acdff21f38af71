"""Every page of the platform, at a desk and on a telephone, with nothing and with much."""
