// BIZ UDPGothic in about 120 slices per weight; a browser fetches only the slices whose characters stand on the page.
// A chunk of its own, so that its long list of slices stays in the browser's cache when the application changes.
import '@fontsource/biz-udpgothic/400.css';
import '@fontsource/biz-udpgothic/700.css';
