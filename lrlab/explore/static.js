for (const box of document.querySelectorAll('.lr-static:not([data-ready])')) {
  box.dataset.ready = '';
  const frames = JSON.parse(box.dataset.frames).map(([data, alt, said]) => [`data:image/png;base64,${data}`, alt, said]);
  box.removeAttribute('data-frames');
  const image = box.querySelector('img + img'), status = box.querySelector('[role=status]');
  const controls = [...box.querySelectorAll('input, select')];
  const sizes = controls.map(control => control.options ? control.options.length : +control.max + 1);
  box.loaded = frames.map(([source]) => Object.assign(new Image(), { src: source }));
  const show = () => {
    const place = k => (k + 1 < controls.length ? sizes.slice(k + 1).reduce((a, b) => a * b, 1) : 1) * sizes[0];
    const [source, alt, said] = frames[controls.reduce((at, control, k) => at + control.value * (k ? place(k) : 1), 0)];
    image.src = source; image.alt = alt; status.textContent = said;
    for (const control of controls) if (control.dataset.said) {
      const value = JSON.parse(control.dataset.said)[control.value];
      control.setAttribute('aria-valuetext', value); control.nextElementSibling.textContent = value;
    }
  };
  box.addEventListener('input', show);
  box.addEventListener('click', event => {
    if (event.target.type === 'button') { controls[0].value = event.target.value; show(); }
  });
}
