// Finds things on a page as assistive technology names them: by role and accessible name.

/**
 * Runs inside the page, so it must stand on nothing outside itself.
 * @param {string} role
 * @param {string | { source: string, flags: string } | null} name
 * @param {Element | null} within
 */
export function find(role, name, within) {
  const IMPLIED = {
    button: 'button,summary,input[type=button],input[type=submit],input[type=reset]',
    link: 'a[href]',
    heading: 'h1,h2,h3,h4,h5,h6',
    textbox:
      'textarea,input:not([type]),input[type=text],input[type=password],input[type=email],input[type=url],input[type=tel]',
    searchbox: 'input[type=search]',
    spinbutton: 'input[type=number]',
    checkbox: 'input[type=checkbox]',
    radio: 'input[type=radio]',
    combobox: 'select',
    option: 'option',
    list: 'ul,ol',
    listitem: 'li',
    navigation: 'nav',
    main: 'main',
    banner: 'header',
    region: 'section[aria-label],section[aria-labelledby]',
    article: 'article',
    dialog: 'dialog[open]',
    table: 'table',
    row: 'tr',
    cell: 'td',
    group: 'fieldset',
    status: 'output',
    progressbar: 'progress',
    img: 'img',
    term: 'dt',
    definition: 'dd',
  };
  const implied = (IMPLIED[role] ?? '')
    .split(',')
    .filter(Boolean)
    .map((selector) => `${selector}:not([role])`);
  const selector = [`[role~="${role}"]`, ...implied].join(',');

  const tidy = (text) => text.replace(/\s+/g, ' ').trim();
  const isShown = (element) =>
    element.getClientRects().length > 0 &&
    getComputedStyle(element).visibility === 'visible' &&
    !element.closest('[aria-hidden="true"],[inert]');

  // The words inside an element as they are read aloud, without what is hidden from it.
  const contents = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent;
    if (node.nodeType !== Node.ELEMENT_NODE) return '';
    if (node.getAttribute('aria-hidden') === 'true') return '';
    const style = getComputedStyle(node);
    if (style.display === 'none' || style.visibility === 'hidden') return '';
    const label = node.getAttribute('aria-label') ?? node.getAttribute('alt');
    if (label) return ` ${label} `;
    const words = [...node.childNodes].map(contents).join('');
    return style.display.startsWith('inline') ? words : ` ${words} `;
  };

  const nameOf = (element) => {
    const pointed = element.getAttribute('aria-labelledby');
    if (pointed) {
      const parts = pointed.split(/\s+/).map((id) => document.getElementById(id));
      return tidy(parts.map((part) => (part ? contents(part) : '')).join(' '));
    }
    const label = element.getAttribute('aria-label');
    if (label) return tidy(label);
    if (element.labels?.length) return tidy([...element.labels].map(contents).join(' '));
    if (element.localName === 'fieldset')
      return tidy(contents(element.querySelector('legend') ?? element));
    if (element.localName === 'img') return tidy(element.getAttribute('alt') ?? '');
    if (element.localName === 'input' && /^(button|submit|reset)$/.test(element.type))
      return tidy(element.value);
    const own = tidy(contents(element));
    return own || tidy(element.getAttribute('title') ?? element.getAttribute('placeholder') ?? '');
  };

  const pattern = name && typeof name === 'object' ? new RegExp(name.source, name.flags) : null;
  const isNamed = (element) => {
    if (name === null) return true;
    return pattern ? pattern.test(nameOf(element)) : nameOf(element) === name;
  };
  return [...(within ?? document).querySelectorAll(selector)].filter(
    (element) => isShown(element) && isNamed(element),
  );
}
