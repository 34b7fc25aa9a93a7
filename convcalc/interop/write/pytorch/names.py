"""Names of modules: attributes where Python and PyTorch allow it."""

import keyword
from collections.abc import Collection

#: what every module has itself: all of `dir(nn.Module())`
TAKEN = frozenset(dir(object)) | frozenset(
    """
    __annotations__ __call__ __dict__ __getattr__ __module__ __setstate__ __weakref__
    T_destination _apply _backward_hooks _backward_pre_hooks _buffers _call_impl
    _compiled_call_impl _forward_hooks _forward_hooks_always_called _forward_hooks_with_kwargs
    _forward_pre_hooks _forward_pre_hooks_with_kwargs _get_backward_hooks _get_backward_pre_hooks
    _get_name _is_full_backward_hook _load_from_state_dict _load_state_dict_post_hooks
    _load_state_dict_pre_hooks _maybe_warn_non_full_backward_hook _modules _named_members
    _non_persistent_buffers_set _parameters _register_load_state_dict_pre_hook
    _register_state_dict_hook _replicate_for_data_parallel _save_to_state_dict _slow_forward
    _state_dict_hooks _state_dict_pre_hooks _version _wrapped_call_impl add_module apply bfloat16
    buffers call_super_init children compile cpu cuda double dump_patches eval extra_repr float
    forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules
    mtia named_buffers named_children named_modules named_parameters parameters
    register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
    register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module
    register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
    set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu
    zero_grad
    """.split()  # noqa: SIM905
)
#: what an `nn.ModuleDict` has besides
_DICTIONARY = frozenset(
    """
    __contains__ __delitem__ __getitem__ __iter__ __len__ __setitem__
    clear items keys pop update values
    """.split()  # noqa: SIM905
)


def is_taken(name: str, owner: str = "self") -> bool:
    """Whether a module has an attribute of this name itself, so that no child can have it."""
    return name in TAKEN or (owner != "self" and name in _DICTIONARY)


def attributes(names: Collection[str], owner: str) -> dict[str, str]:
    """What those children of a module are called in it that cannot be called as they are."""
    found: dict[str, str] = {}
    for name in names:
        if is_taken(name, owner):
            found[name] = free(name, {*names, *found.values()}, owner)
    return found


def free(name: str, used: Collection[str], owner: str = "self") -> str:
    """A name that a module and its children leave free: this one, or one with `_` behind."""
    while is_taken(name, owner) or name in used:
        name = f"{name}_"
    return name


def usable(name: str) -> bool:
    """Whether a name can be written as an attribute; ``__x`` is another one in each class."""
    return name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__")


def access(name: str, owner: str) -> str:
    """How a child of a module is reached, after its owner's own name."""
    if owner != "self":
        return f'["{name}"]'
    return f".{name}" if usable(name) else f'.get_submodule("{name}")'


def assigned(name: str, value: list[str], owner: str) -> list[str]:
    """The lines that give a module a child, whose own lines are `value`."""
    first, last = value[0], value[-1]
    if owner != "self":
        head, tail = f'"{name}": ', ","
    elif usable(name):
        head, tail = f"self.{name} = ", ""
    else:
        head, tail = f'self.add_module("{name}", ', ")"
    if len(value) == 1:
        return [f"{head}{first}{tail}"]
    return [f"{head}{first}", *value[1:-1], f"{last}{tail}"]
