# One message per problem code; dots of the code are dashes here.
# The arguments in each sentence are those the refusal carries.
problem-unknown = This did not work. Tell your administrator this code: { $code }.
problem-outside = { $system } did not take it over: { $message } (code { $code }).
problem-outside-plain = { $system } did not take it over (code { $code }).
desk-unexpected = The desk met a fault of its own. Nothing saved is lost. Detail: { $detail }

finish-steps_open =
    { $count ->
        [one] One step has no result yet: “{ $step }”. Finish is possible when every step has one.
       *[other] { $count } steps have no result yet, the first is “{ $step }”. Finish is possible when every step has one.
    }

order-unknown = This order is not on this laptop.
asset-unknown = This asset is not on this laptop.
item-unknown = This part is not on this laptop.
page-unknown = The list has changed. Open it again.
order-reason_missing = Enter a reason.
order-transition_illegal = The order cannot go from { $from } to { $to }.
order-transition_not_yours = Your role may not take the order from { $from } to { $to }.
order-status_changed_meanwhile = The order is { $now } meanwhile, no longer { $from }. Look at it again before you go on.
order-claim_refused = { $from } to { $to } was claimed and is not allowed to whoever claimed it. What was done is kept.
order-not_open_for_work =
    { $status ->
        [HOLD] The order is on hold. Resume work to continue.
        [WMATL] The order waits for parts. Work begins when it is scheduled again.
        [COMP] The work on this order is finished. Its history can be read.
        [CLOSE] The order is closed. Its history can be read.
        [CAN] The order was cancelled. Its history can be read.
       *[other] Work on this order has not started. Its status is { $status }.
    }

step-pass_against_fail = “{ $step }” has readings inside and outside the limit: { $versions }. What is outside stands until somebody sets it aside.
step-planner_asked = Somebody asked which reading of “{ $step }” counts: { $versions }.
step-no_two_versions = This step has one version only. Nothing needs to be chosen.
step-version_unknown = This version is not there any more. Look at the step again.
step-fail_stands = A value outside the limit stands. Keep both, or ask the planner.
step-set_aside_not_yours = A planner or supervisor sets a value outside the limit aside.
step-reason_missing = Enter why the value does not count.
step-entry_does_not_fit = This entry does not fit the step.
step-text_missing = Enter a text.
step-value_missing = Enter a value.
step-value_not_a_number = “{ $value }” is no number. Use digits with one decimal sign.
text-empty = Enter a text.
text-too_long = The text has { $length } characters, { $limit } are possible. Shorten it.
document-too_large = This order holds as much as one order can ({ $limit } bytes). Ask the planner for a follow-up order.

part-quantity_not_positive = Enter a quantity above zero instead of { $quantity }.
part-quantity_not_a_number = “{ $quantity }” is no quantity. Use digits with one decimal sign.
part-bin_missing = Enter the bin the part came from.
part-item_unknown = This item is not known here. Look at its number again.
entry-open = This entry is still being written. Stop it first.
entry-is_reversal = This takes something back itself. Record the right one instead.
entry-taken_back = This was taken back already.
labour-minutes_not_possible = “{ $minutes }” is no time. Enter whole minutes from 1 to { $limit }.
failure-code_unknown = The code { $code } does not belong to this asset. Choose again.
failure-naming_not_yours = A planner or supervisor names the official report.
labour-already_running = Your labour runs already.
labour-not_running = Your labour does not run.

sign_in-wrong_password = Account or password is not right.
sign_in-locked = This account is locked until { $until }, after too many tries.
sign_in-disabled = This account is switched off; unsent work is kept. Ask your administrator, or let a colleague sign in.
sign_in-bad_code = The enrolment code is not right or has been used. Ask for a new one.
sign_in-no_connection = The hub at { $hub } does not answer. Check the address and the network.
sign_in-expired = Your sign-in has ended. Sign in again; your unsent work is kept.
device-revoked = This laptop may no longer exchange with the hub. What could be read on it was removed; your unsent work is kept and can go to the hub as a file.
hub-certificate_changed = The certificate of { $hub } is not the one this laptop knows. Ask your administrator before you go on.
hub-bad_address = “{ $hub }” is no address of a hub. It begins with https:// and names the host.
hub-too_old = The hub is older than this desk and must be updated first. Your unsent work is kept.
hub-restored = The hub was restored from an earlier copy. This laptop sends it again what it lost, your work and what others sent here. Go on working.

pin-wrong =
    { $left ->
        [0] This PIN is not right. Sign in with your password.
        [one] This PIN is not right. One try is left, then only your password opens this laptop.
       *[other] This PIN is not right. { $left } tries are left.
    }
pin-wait = Too many tries. Wait until { $until }, or sign in with your password.
pin-not_six_digits = A PIN has six digits.
pin-forgotten = This PIN no longer opens the laptop. Sign in with your password and set a new one.
pin-offline_expired = Your PIN no longer works without a connection. Sign in with your password.

replica-key_missing = The key of this laptop's data was not found. Keep the laptop as it is and call your administrator.
replica-key_wrong = The key on this laptop does not open its data. Keep the laptop as it is and call your administrator.
replica-damaged = The data on this laptop is damaged. Save what can be read; the damaged file is kept as it is.
replica-disk_full = The disk is full. Empty the wastebasket, or move pictures elsewhere; what was saved before is safe.
keyring-unavailable = The key store of this computer does not answer. Unlock it or sign in to the computer again.
replica-too_new = The data on this laptop was written by a newer Fettle. Install that version; nothing was changed.
replica-unreadable = One thing on this laptop cannot be read. The rest is safe; call your administrator.
document-not_taken = The order did not take this entry. Nothing was saved; try again.
hub-answer_unreadable = The hub's answer cannot be read. Your unsent work is kept; ask your administrator.
desk-locked = Unlock the laptop first.
step-unknown = This step is not part of the order any more. Look at the order again.
look-unknown = This theme or density does not exist.
charter-unreadable = The company's rules on this laptop cannot be read. Ask your administrator.

effect-refused = { $outside } did not take it over: { $message } (code { $code }).
effect-discarded = It was dropped and is not sent again: { $reason }
effect-sent_again = It was sent again. { $outside } has not answered yet.
effect-waits_behind = It waits for something before it that was not taken over.
effect-taken_back = It was taken back before { $outside } had it. Nothing stands there.
case-rejected = { $by } decided against it: { $reason }
case-accepted = { $by } has accepted it.
case-released = It counts after all: { $reason }
effect-unknown = { $outside } has not said whether it took this over. It is searched there, and nothing is sent twice.

# Exception cases: what a person may not do with one.
case-unknown = This is not known any more. Look at the list again.
case-not_yours =
    { $owner ->
        [planner] This is not yours to decide. The planner has it.
        [storekeeper] This is not yours to decide. The storekeeper has it.
        [supervisor] This is not yours to decide. The supervisor has it.
        [administrator] This is not yours to decide. The administrator has it.
       *[other] This is not yours to decide. The integration owner has it.
    }
case-settled = This is settled already.
case-sent_again = This was sent again and waits for { $outside }. Nothing is sent twice.
case-action_does_not_fit = This cannot be settled that way.
case-reason_missing = Enter a reason.
case-reason_too_long = The reason may have { $max } characters. Shorten it.
case-may_have_arrived = { $outside } may have taken it over already. It is searched there again; what stands cannot be dropped.
case-own_work = Somebody else drops what you wrote. It stays until then.

# What the hub keeps aside, and why: the person's words are safe, an administrator decides.
author-disabled = Your account was switched off when this arrived. The hub keeps it aside for your administrator.
actor-unknown = The hub does not know the key this was signed with. It is sent again under a new one once its author is signed in here.
chain-fork = This laptop's data was copied or set back. What differs is sent again under a new key once its author is signed in here.
chain-gap = Something this laptop sent before is missing at the hub. Everything is kept; ask your administrator.
chain-signature = The signature of what was sent does not fit. Everything is kept; ask your administrator.
change-dependency_quarantined = It rests on something the hub keeps aside. It is sent again without it once its author is signed in here.
change-fork = Two different changes came under one number. This one is sent again under a new key once its author is signed in here.
change-rests_on_refused = It rests on something the hub keeps aside and cannot stand without it. What you wrote is kept here.
intent-rests_on_refused = It rests on something the hub keeps aside. Look at the order and ask for it again.
epoch-signature = The hub did not accept this laptop's new key. Everything is kept; sign in again.
change-malformed = The hub cannot read this change. It keeps it aside for your administrator.
change-not_taken = The order at the hub does not take this change. It is kept aside for your administrator.
change-other_author = This was signed by somebody else than its author. It is kept aside for your administrator.
document-field_protected = Your role may not change this any more, so the plan stands as it was. What you wrote is kept in the order's history.
document-out_of_scope = The order belongs to another plant now. What you wrote is kept aside for your administrator.
document-unknown = The hub does not know this order. What you wrote is kept aside for your administrator.
entry-closed = This entry was finished before and stands as it was then. What you wrote is kept in the order's history.
entry-not_yours = This entry belongs to somebody else and stands as that person wrote it. What you wrote is kept in the order's history.
entry-unknown = The entry this belongs to is not there. What you wrote is kept aside for your administrator.
intent-dependency_quarantined = It rests on something the hub keeps aside. It is decided once that is released.
intent-other_author = This was signed by somebody else than its author. It is kept aside for your administrator.
record-other_author = This was signed by somebody else than its author. It is kept aside for your administrator.
push-unreadable = The hub cannot read what this laptop sent. Everything is kept; ask your administrator.

device-unknown = The hub does not know this laptop. Your unsent work is kept; ask your administrator to enrol it.
plant-unknown = The hub does not know this plant. Ask your administrator.
sign_in-too_long = Account or password is too long ({ $limit } bytes are possible).
exchange-bad = The hub cannot read what this laptop sent. Everything is kept; ask your administrator.
exchange-too_much = This laptop sent more at once than the hub takes. Everything is kept; ask your administrator.
request-bad = The hub did not understand this laptop. Everything is kept; ask your administrator.
request-too_large = This laptop sent more at once than the hub takes. Everything is kept; ask your administrator.
request-media_type = The hub did not understand this laptop. Everything is kept; ask your administrator.
hub-fault = The hub met a fault of its own and is tried again. Everything is kept.

attachment-empty = The file is empty.
attachment-too_large = The file is larger than { $limit } MB. Make it smaller or attach parts of it.
attachment-too_many_pixels = The picture has more than { $limit } million points. Make it smaller.
attachment-kind = Only JPEG, PNG and WebP pictures and PDF files can be attached.
attachment-damaged = The picture is cut or damaged and cannot be attached.
attachment-caption_too_long = The caption can have { $limit } characters. Shorten it.
attachment-unknown = This photo is not on this laptop.
attachment-not_here = The hub does not have this photo yet. It comes once the laptop it was added on was connected.
attachment-not_named = The hub does not know the order of this photo yet. It is sent after that.
attachment-not_yours = Only its author, a planner or a supervisor can take a photo back.
attachment-file_missing = The file of this photo is gone from this laptop.
attachment-wrong_content = The file did not arrive as it was added.
hub-disk_full = The hub has no room left. Unsent work stays on this laptop.
order-left = Order { $number } is no longer in { $area }: the CMMS gave it to another area. What you did on it was sent. Its planner knows where it is.
order-fact_late =
    The order was { $status ->
        [CAN] cancelled
       *[other] closed
    } before this arrived. It is kept in the order and not posted until the order is taken up again.
plan-changed_on_both_sides =
    Changed here to “{ $ours }” and in the CMMS to “{ $theirs }” at the same time. The CMMS’s stands.
case-order_still_ended = The order is still { $status }. Have the CMMS take it up again first.
plan-proposed = { $text }
plan-planners_only = Priority and dates are the planner’s. Propose the change in your own words.
plan-order_ended = The order is { $status }. Its plan no longer changes.
plan-priority_unknown = Priority is a number from 1 to 4.
plan-finish_before_start = That is before the required start.
plan-nothing_changes = This is what the plan says already.
bundle-not_one = This file holds no changes of a laptop. Choose the file that was saved on the other laptop; its name ends in .fettle.
bundle-too_new = A later version of Fettle wrote this file. Keep it and update this one first.
bundle-other_hub = This file is for another hub. Carry it to a laptop of its own plant.
bundle-cut = This file ends before its first change. Copy it again, or save it once more on its laptop.
bundle-damaged = This file is damaged from its beginning. Copy it again, or save it once more on its laptop.
bundle-ends_early = This file ends in the middle. What came before is at the hub; save it once more on its laptop and carry that one.
bundle-ends_damaged = This file is damaged in the middle. What came before is at the hub; save it once more on its laptop and carry that one.
bundle-too_large = This file is larger than a laptop makes one. Save it once more on its laptop.
bundle-unreadable = This file holds something the hub does not know. Keep it and let the hub be updated first.
bundle-no_key = The key for such files is not known yet. Sign in once with a connection; everything is kept until then.
bundle-nothing_unsent = Nothing is unsent, so there is nothing to save to a file.
bundle-not_written = The file could not be written. Choose another folder.
bundle-folder_not_absolute = “{ $folder }” is no full path of a folder.
item-lost = Laptop { $device } was damaged: its author's changes { $first } to { $last } could not be read. Ask the author what is missing and have it entered again.
