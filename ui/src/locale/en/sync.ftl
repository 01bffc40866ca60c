# The four states of a change; these words never vary.
change-saved = Saved on this laptop
change-sent = Sent
change-accepted = Accepted by { $system }
change-accepted-number = Accepted by { $system } { $number }
change-attention = Needs attention
change-attention-more = { $reason } { $owner } has it.
change-attention-due = { $reason } { $owner } has it, due { $due }.
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
unsent-kind-plan = Plan
unsent-by = { $number }, { $by }
words-show = Read it whole
words-title = { $kind }, as { $by } wrote it
words-copy = Copy
words-copied = Copied
sync-now = Exchange now
sync-notice = What is going on
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

stopped-file = Save the unsent changes to a file below and let another laptop carry it. Nobody but the hub can read it.
disk-title = The disk of this laptop is full
disk-tight = { $free } MB are free. Free { $needed } MB more; your changes are still saved.
disk-full = { $free } MB are free and the room for the last change is used. Free { $needed } MB before you go on; what was saved is safe.
disk-what = Empty the wastebasket, or move pictures and videos elsewhere. Leave the data of Fettle as it is.
files-title = Changes as a file
files-more = Where no connection reaches, a file brings the changes of this laptop to the hub. Any other laptop can carry it and none can read it.
files-folder = Folder, such as a memory stick
files-folder-own = Fettle's own folder
files-save = Save unsent work to a file
files-carry = Carry a file from another laptop
files-list = Files this laptop carries
files-saved =
    { $count ->
        [one] 1 change is in this file. It also stays here until the hub has it.
       *[other] { $count } changes are in this file. They also stay here until the hub has them.
    }
files-items =
    { $count ->
        [one] 1 change
       *[other] { $count } changes
    }
files-set-aside = { $count } of them are kept aside for your administrator.
files-lost = { $count } could not be read any more on their laptop.
