"""Before publishing: who may write for now, how much, what a person looks at first, and words that are watched for."""
