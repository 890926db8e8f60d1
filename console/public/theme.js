// Before the page is drawn: the theme that was chosen in this browser. The name is that of src/ui/theme.ts.
document.documentElement.dataset.theme = localStorage.getItem('slipway-theme') ?? 'system';
