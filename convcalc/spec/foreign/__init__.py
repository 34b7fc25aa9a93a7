"""What layers of other tools mean, where that is not their kind with words put in ours."""
