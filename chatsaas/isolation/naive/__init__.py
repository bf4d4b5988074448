"""The control: a gateway that sets the tenant in connect(), as tutorials do. It has to leak."""
