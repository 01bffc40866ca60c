photos = Photos and files
photos-none = No photos yet
photo-add = Photo
photo-title = Add photos or files
photo-choose = Choose files
photo-choose-more = Or drop them here, or paste a picture. JPEG, PNG, WebP or PDF, at most 25 MB each.
photo-camera = Take a photo
photo-caption = Caption
photo-reading = Reading { $name }
photo-save =
    { $count ->
        [one] Save photo
       *[other] Save { $count } photos
    }
photo-plain = Photo without a caption
photo-file-plain = File without a caption
photo-file-kept = The file is kept with the order and sent. This laptop shows pictures only.
photo-not-here = Not yet on this laptop
photo-ask = Ask when connected
photo-asked = Comes when this laptop is connected and the hub has it.
photo-take-back = Take back
photo-take-back-more = The photo is hidden on every laptop and stays in the history.
photo-take-back-now = Take it back
close = Close
