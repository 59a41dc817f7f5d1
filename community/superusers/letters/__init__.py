"""Letters of recognition: what a super user did, in figures of the record and in words; theirs to share."""
