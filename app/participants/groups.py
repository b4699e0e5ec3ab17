"""The stakeholder groups that are proposed; others may be written."""

STAKEHOLDER_GROUPS = (
    "Government", "Parliament", "Public health service", "Private sector", "Civil society",
    "Academia and research", "Professional association", "Development partner", "International organisation",
    "Media",
)  # fmt: skip
