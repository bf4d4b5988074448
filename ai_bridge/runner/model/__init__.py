"""Extractors that ask a language model. Loaded with the first turn that brings a provider."""
