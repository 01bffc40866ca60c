// What a photo or file is called: its caption, else what it is.
import { t } from '../shared/translate';

type Named = { caption: string; is_picture: boolean };

export function photoName(photo: Named): string {
  if (photo.caption) return photo.caption;
  return photo.is_picture ? t('photo-plain') : t('photo-file-plain');
}
