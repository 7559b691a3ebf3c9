/// <reference types="vite/client" />
/** True in development and in builds made for the gallery's test; the pages behind it are not in ordinary builds. */
declare const __BANYA_GALLERY__: boolean;
