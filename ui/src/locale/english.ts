// English, the first language; another one is a folder beside `en` and a function beside this one.
import { useFormat } from '../shared/format';
import { useLanguage } from '../shared/translate';
import asset from './en/asset.ftl?raw';
import exception from './en/case.ftl?raw';
import desk from './en/desk.ftl?raw';
import history from './en/history.ftl?raw';
import item from './en/item.ftl?raw';
import photo from './en/photo.ftl?raw';
import problem from './en/problem.ftl?raw';
import sync from './en/sync.ftl?raw';
import workOrder from './en/work_order.ftl?raw';

export const english = [asset, exception, desk, history, item, photo, problem, sync, workOrder];

export function speakEnglish(): void {
  useLanguage('en-GB', english);
  useFormat({ locale: 'en-GB' });
}
