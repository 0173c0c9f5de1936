"""Material Advisor's domain: from a brief of climate, budget and use to a ranked list of bag fabrics with reasons."""

__version__ = "0.1.0"
