"""From a scenario to tables: plan, map over blocks, settle."""
