const box = this.closest('.lr-explorer');
const set = (node, name, text) => { if (node.getAttribute(name) !== text) node.setAttribute(name, text); };
const follow = (node, what, change) => { change(); new MutationObserver(change).observe(node, what); };
const attributes = (...names) => ({ attributes: true, attributeFilter: names });
const name = () => {
  const sliders = [...box.querySelectorAll('.lr-slider')];
  const handles = sliders.map(slider => slider.querySelector('.noUi-handle'));
  const image = box.querySelector('img.widget-image');
  const status = box.querySelector('.lr-status .widget-html-content');
  if (!image || !status || handles.includes(null)) return requestAnimationFrame(name);
  sliders.forEach((slider, k) => {
    const label = slider.querySelector('.widget-label').textContent;
    const readout = slider.querySelector('.widget-readout');
    const typed = slider.parentElement.querySelector('input');
    const handle = handles[k];
    let place = null, heard = null;
    const speak = () => {
      if (handle.ariaValueNow !== place) { place = handle.ariaValueNow; heard = null; }
      const text = readout.textContent;
      set(handle, 'aria-label', label);
      set(handle, 'aria-valuetext', heard ?? (isNaN(text) ? text : `${+text}`));
    };
    follow(handle, attributes('aria-valuenow', 'aria-valuetext'), speak);
    follow(status, { childList: true }, () => setTimeout(() => { heard = typed.value; speak(); }, 50));
  });
  follow(image, attributes('title'), () => {
    if (image.title) { image.alt = image.title; image.removeAttribute('title'); }
  });
  // JupyterLab would take a list's arrow keys and letters for its own: the cell below, a new cell.
  for (const list of box.querySelectorAll('select')) set(list, 'data-lm-suppress-shortcuts', 'true');
  for (const region of [status, ...[...box.querySelectorAll('.lr-note .widget-html-content')]]) {
    set(region, 'role', 'status');
    follow(region, { childList: true }, () => region.firstElementChild?.removeAttribute('role'));
  }
};
name();
