"""What is known of the resources of AWS, one module a service or a small family of them: each has its `KINDS`."""
