# The frame, people and the search.
my-work = My work
sync-room = Sync
sync-room-count = Sync, { $count } not sent
theme-to-night = Night
theme-to-sun = Sun
theme-to-day = Day
density-to-desk = Desk
density-to-touch = Touch
density-to-glove = Gloves
rooms = Rooms
lock = Lock
search-field = Scan or type an asset, part or order
search-results = Search results
search-orders = Orders
search-assets = Assets
search-items = Parts
search-all-orders = Show every order found
search-all-items = Show every part found
search-meant = Nothing found for “{ $query }”. This is for “{ $meant }”.
list-all = All
list-found = Found for { $query }
list-meant = Nothing for { $query }, found for { $meant }
list-more = more than { $count }
list-clear = Clear
orders-room = Orders
orders-list = Every order on this laptop
orders-field = Number or words of an order
orders-none = No order is on this laptop
parts-room = Parts
parts-list = Every part on this laptop
parts-field = Number or words of a part
parts-none = No part is on this laptop yet
search-open-orders =
    { $count ->
        [one] 1 open order
       *[other] { $count } open orders
    }
search-none = Nothing found for “{ $query }”
search-none-more = This laptop holds { $holds }. It may exist elsewhere.
pill-up-to-date = Up to date
pill-last-exchange = Last exchange { $time }
pill-exchanging = Exchanging with the hub
pill-no-connection = No connection since { $time }
pill-refused = Exchanging has stopped
pill-sign-in = Sign in again to exchange
pill-attention =
    { $count ->
        [one] 1 change needs attention
       *[other] { $count } changes need attention
    }
pill-saved =
    { $count ->
        [one] 1 change saved on this laptop
       *[other] { $count } changes saved on this laptop
    }
pill-nothing-waits = Nothing waits on this laptop
pill-open = Open the list of changes not sent
laptop-name = Laptop { $name }
laptop-unnamed = This laptop
sign-in-title = Sign in to this laptop
sign-in-other = Sign in with a password
sign-in-again = Sign in again
sign-in-hub = Address of the hub
sign-in-hub-help = Your administrator gives it to you with the code, such as https://hub.example:8443.
sign-in-code = Enrolment code
sign-in-account = Account
sign-in-password = Password
sign-in = Sign in
signing-in = Signing in
before-you-start = Before you start, once
start-signed-in = Signed in at the hub
start-sign-in = Sign in at the hub
start-plant = Plant { $code }, { $name }
start-plant-open = Plant of this laptop
start-copying = Copying work to this laptop
start-copied = Work is on this laptop
start-usable = You can start now. The rest arrives by itself.
start-wait = Your own orders come first.
start-pin = Set a 6-digit PIN
pin-title = Set your PIN
pin-help = Six digits. They open your work on this laptop, also without a connection.
pin-again = Enter the PIN again
pin-differs = The two entries differ. Start again.
pin-entered = { $count } of 6 digits entered
pin-clear = Clear
pin-delete = Delete
pin-keys = PIN keys
who-is-working = Who is working?
people = People of this laptop
person-unsent =
    { $count ->
        [one] 1 change not sent
       *[other] { $count } changes not sent
    }
person-all-sent = All sent
person-labour = Labour { $time } running
person-wait = Wait until { $time }
pin-of = PIN of { $name }
lock-offline-until = Your PIN works on this laptop without a connection until { $day }.
lock-safe = Locking never stops your labour or loses changes.
back = Back
trouble-title = The desk cannot open its data
trouble-safe = Nothing has been deleted. Work that was saved is still on this laptop.
trouble-retry = Try again
trouble-rescue = Save what can be read
trouble-rescue-more = What can be read is put into a file for the hub, and you go on with fresh data from there. The damaged file stays on this laptop as it is.
rescued-title = This laptop's data was damaged
rescued-nothing = Nothing of it could be read. The damaged file was kept; ask your administrator, who may know more ways, before you go on.
rescued-kept =
    { $count ->
        [0] No unsent change could be read.
        [one] 1 unsent change could be read. It goes to the hub as soon as there is a connection.
       *[other] { $count } unsent changes could be read. They go to the hub as soon as there is a connection.
    }
rescued-lost =
    { $count ->
        [one] 1 unsent change could not be read.
       *[other] { $count } unsent changes could not be read.
    }
rescued-lines = What could not be read
rescued-enter-again = Enter it again where it is missing.
rescued-folder = The damaged file is kept in { $folder }.
rescued-sign-in = Everybody signs in once more. Orders come again from the hub.
rescued-go-on = Go on
copying-line = Copying work to this laptop, { $share }
