"""What `sizes` shows: legal inputs."""
