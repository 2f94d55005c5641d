"""The simulated cloud: a provider that creates nothing, and all that it knows of AWS. It knows no program."""
