# The four states of a change; these words never vary.
change-saved = Saved on this laptop
change-sent = Sent
change-accepted = Accepted by { $system }
change-accepted-number = Accepted by { $system } { $number }
change-attention = Needs attention
change-attention-more = { $reason } { $owner } has it.
change-attention-owner = { $owner } has it.
unsent-title = Changes not sent
unsent-none = Everything is sent
unsent-none-more = No change waits on this laptop.
unsent-count =
    { $count ->
        [one] 1 change
       *[other] { $count } changes
    }
unsent-list = Changes not sent
unsent-kind-step = Step
unsent-kind-note = Note
unsent-kind-labour = Labour
unsent-kind-part = Part
unsent-kind-failure = Failure
unsent-kind-transition = Status
unsent-kind-case = Exception
unsent-kind-photo = Photo
unsent-photos =
    { $count ->
        [one] 1 photo, { $size }, after everything else
       *[other] { $count } photos, { $size }, after everything else
    }
unsent-by = { $number }, { $by }
sync-now = Exchange now
role-planner = The planner
role-supervisor = The supervisor
role-technician = The technician
role-storekeeper = The storekeeper
role-administrator = The administrator
role-buyer = The buyer
role-accountant = The accountant
role-owner = The owner
role-master_data = Master data
role-finance = Finance
role-maintenance = Maintenance
role-integration_owner = The integration owner
