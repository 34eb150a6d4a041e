"""Numbers to reasons: steps, paths, probes, one-sided derivatives, findings, closed forms."""
