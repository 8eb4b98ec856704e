"""The dataset on disk: write, read, manifest, resume, verify."""
