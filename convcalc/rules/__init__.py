"""Advice: the notes' rules of thumb, one file a rule. RULES is the list of them all.

A rule's module holds its page (the docstring), its thresholds and its check. To add one, copy the
nearest file, give it a code and name in `convcalc.findings.CODES`, and add it here.
"""

from convcalc.rules import (
    average_pool,
    bias_before_batch_norm,
    early_layers_dominate,
    even_kernel,
    field_exceeds_input,
    first_fc_dominates,
    input_hardly_halves,
    large_kernel,
    large_pool,
    little_left_after_pools,
    local_response_norm,
    notes_pattern,
    odd_size_at_pool,
    padded_pool,
    pool_for_conv,
    stack_of_small_kernels,
    strided_conv,
    unpadded_conv,
)
from convcalc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    input_hardly_halves.RULE,
    large_kernel.RULE,
    strided_conv.RULE,
    unpadded_conv.RULE,
    large_pool.RULE,
    padded_pool.RULE,
    stack_of_small_kernels.RULE,
    first_fc_dominates.RULE,
    early_layers_dominate.RULE,
    local_response_norm.RULE,
    bias_before_batch_norm.RULE,
    field_exceeds_input.RULE,
    little_left_after_pools.RULE,
    odd_size_at_pool.RULE,
    notes_pattern.RULE,
    even_kernel.RULE,
    average_pool.RULE,
    pool_for_conv.RULE,
)

#: rules by code
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}
