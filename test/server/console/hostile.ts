/** Names that nobody should have, and that a directory may hold all the same. */
export const hostile = [
  '<script>document.title = "taken"</script>',
  '"><img src=x onerror="document.title = 1">',
  '\u202eמנהל\u202c \u202egnirts desrever',
  'x'.repeat(500),
] as const;
