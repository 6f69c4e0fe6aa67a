"""Text alternatives of pictures, in the page: JupyterLab gives an image of a notebook none, so we do.

Nothing of it is displayed or stored: a widget without a view, made with the first picture, tells the page which
image says what. An image is known by the end of its data.
"""

MODULE = """
export default {
  initialize({ model }) {
    const told = new Map();
    const tell = () => {
      for (const image of document.querySelectorAll('img:not([alt])[src^="data:image/png"]')) {
        const text = told.get(image.src.trim().slice(-64));
        if (text) image.alt = text;
      }
    };
    const learn = () => { for (const [end, text] of model.get("texts")) told.set(end, text); tell(); };
    model.on("change:texts", learn);
    const watch = new MutationObserver(tell);
    watch.observe(document.body, { childList: true, subtree: true });
    learn();
    return () => watch.disconnect();
  },
  render() {},
};
"""
_KEPT = 300  # pictures
_voice = None


def tell(picture, text):
    """Tell the page that the picture (base64) says `text`; without a kernel nobody asks."""
    try:
        from IPython import get_ipython

        get_ipython().kernel  # noqa: B018
    except (ImportError, AttributeError):
        return
    voice = _spoken()
    voice.texts = [*voice.texts[-_KEPT:], [picture[-64:], text]]


def _spoken():
    """The widget that tells, made once in a kernel."""
    global _voice
    if _voice is None:
        import anywidget
        import traitlets

        class Alternatives(anywidget.AnyWidget):
            _esm = MODULE
            texts = traitlets.List().tag(sync=True)

        _voice = Alternatives()
    return _voice
