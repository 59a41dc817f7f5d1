"""Knowledge: articles written as a by-product of answering, following KCS practices."""
