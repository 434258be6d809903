from staff.access import public


@public
def overview(request):
    return None


code_list = overview
